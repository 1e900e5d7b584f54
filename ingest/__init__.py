"""The way of the data: gateway, recorder, watcher, desk; MQTT and JetStream loops around pure decisions."""
