"""Measurements: `./portal bench` lists them, `./portal bench NAME` runs one."""
