"""What `./portal` runs once the environment stands; each module is started with `python -m`."""
