"""The blueprint that the pages of sign-in and people share."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/office")
