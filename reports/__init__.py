"""Gap tables → HTML report, data dictionary."""
