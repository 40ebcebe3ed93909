"""Questionnaires: XLSForm to XForm to form model, versions, and the engine's host on the server."""
