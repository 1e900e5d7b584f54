"""The world behind a scenario: how people live at home, and what their sensors tell of it.

``household`` says who lives where and how, ``lives`` draws many; ``life.live`` makes deeds of it (who does what, where,
from when to when); ``sensing.sense`` makes of the deeds what a home's Zigbee2MQTT bridge publishes; ``worn.worn`` makes
what a wearable sends around scripted events. All of it is pure, seeded and lazily made: the same arguments give the
same bytes, and what happens on one day never changes how another one is lived.

What must be told apart on a platform hangs on a home's ``mark`` (``wiring.Wiring``): the bridge's base topic and the
sensors' addresses, and so their device ids, are made of it. Another mark is another home.
"""
