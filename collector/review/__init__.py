"""The response browser, the files of responses, and the quarantine."""
