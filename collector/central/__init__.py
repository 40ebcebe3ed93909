"""The part of ODK Central's API that programs read with: pyodk, ruODK, Power BI and Excel."""
