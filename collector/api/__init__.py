"""The REST API for programs, /api/v1: questionnaires, responses and their files, places, exports, webhooks; docs/api.md."""
