"""Planning: what proposed, changed or lost activities would do, and where new ones would do most."""
