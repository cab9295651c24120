"""The floor of persons: who there is, where they work, and which audiences they belong to.

An audience is a named rule over departments (with everything below), sites, roles and listed people; their union.
Every other feature asks `services.allowed_keys` what somebody may see and filters by it, in SQL and in the index alike.
"""
