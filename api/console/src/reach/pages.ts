/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/reach.en";
import { zh } from "../words/reach.zh";

addWords({ en, zh });

export { ReachPage } from "./ReachPage";
