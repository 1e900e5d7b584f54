"""How many of the known Zigbee definitions are understood: ``python -m bench definitions PATH``."""
