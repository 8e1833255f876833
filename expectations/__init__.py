"""Tables → Great Expectations suites, and failed expectations → issues."""
