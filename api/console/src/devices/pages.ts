/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/devices.en";
import { zh } from "../words/devices.zh";

addWords({ en, zh });

export { DevicesPage } from "./DevicesPage";
