"""Reading rosters safely: each file in a child process with limits, one reader per format."""
