"""Where a place is: postcodes, borders, evidence and zones. Arrays and frames in, frames out."""
