"""An invented library behind real servers on loopback: what people try, and what tests run against."""
