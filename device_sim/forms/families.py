"""The families of devices that sensors, phones and trackers may be of, by the word that a scenario has for them."""

from device_sim.forms.bthome import BTHome
from device_sim.forms.chirpstack import ChirpStack
from device_sim.forms.espresense import ESPresense
from device_sim.forms.home_assistant import HomeAssistant
from device_sim.forms.meshtastic import Meshtastic
from device_sim.forms.owntracks import OwnTracks
from device_sim.forms.positions import Tracker
from device_sim.forms.senml import SenML
from device_sim.forms.sensorlogger import System
from device_sim.forms.shelly import Shelly
from device_sim.forms.sparkplug import Sparkplug
from device_sim.forms.spoken import Speaker
from device_sim.forms.tasmota import Tasmota
from device_sim.forms.theengs import Theengs
from device_sim.forms.things_stack import ThingsStack
from device_sim.forms.traccar import Traccar
from device_sim.forms.zigbee2mqtt import Zigbee2mqtt

#: What sensors are when a scenario does not say it.
USUAL = "zigbee2mqtt"
FAMILIES: dict[str, type[Speaker]] = {
    USUAL: Zigbee2mqtt,
    "shelly": Shelly,
    "tasmota": Tasmota,
    "theengs": Theengs,
    "bthome": BTHome,
    "espresense": ESPresense,
    "chirpstack": ChirpStack,
    "the things stack": ThingsStack,
    "home assistant": HomeAssistant,
    "senml": SenML,
    "sparkplug": Sparkplug,
}
USUAL_PHONE = "owntracks"
PHONES: dict[str, type[Tracker]] = {
    USUAL_PHONE: OwnTracks,
    "traccar": Traccar,
    "meshtastic": Meshtastic,
}
#: Wearables speak our own wire (docs/wire.md), or are telephones with an app.
USUAL_WEARABLE = "own"
SENSOR_LOGGERS = {
    "sensor logger": System.ANDROID,
    "sensor logger iphone": System.IPHONE,
    "sensor logger apple watch": System.APPLE_WATCH,
}
WEARABLES = (USUAL_WEARABLE, *SENSOR_LOGGERS)
