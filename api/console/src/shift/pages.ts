/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/shift.en";
import { zh } from "../words/shift.zh";

addWords({ en, zh });

export { ShiftPage } from "./ShiftPage";
