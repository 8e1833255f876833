"""Pure functions: frames in, frames out. No Prefect, no paths, no clock."""
