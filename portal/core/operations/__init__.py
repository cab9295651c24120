"""What programs may ask of the portal: each operation is declared once, as data.

From the declaration come the check of what is sent, the check of what is answered (in tests), the OpenAPI document,
the reference page and `docs/api.md`. Features hand theirs over as `Feature.operations`.
"""
