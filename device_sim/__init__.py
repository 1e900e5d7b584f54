"""The simulator: residents, homes and bodies that speak only MQTT and the public HTTP API."""
