"""The dashboards: is it working? Every figure with its definition, its rows and a way to check it."""
