"""An invented library behind real servers on loopback."""
