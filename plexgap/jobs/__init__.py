"""The flow: what happens in which order, and the one job a process may run."""
