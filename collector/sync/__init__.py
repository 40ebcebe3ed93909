"""The phone's API: enrolment, push, pull, files."""
