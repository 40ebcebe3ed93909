"""The API: importing a module here adds its routes to the blueprint."""

from collector.api import (
    document_routes,
    export_routes,
    place_routes,
    questionnaire_routes,
    response_routes,
    webhook_routes,
)
from collector.api.blueprint import bp

__all__ = [
    "bp",
    "document_routes",
    "export_routes",
    "office_bp",
    "place_routes",
    "questionnaire_routes",
    "response_routes",
    "webhook_routes",
]

office_bp = document_routes.office_bp
