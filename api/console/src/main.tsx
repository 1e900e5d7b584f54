/** The console begins here. */

import { render } from "preact";
import { App } from "./app";
import { startClock } from "./clock";
import { startKeys } from "./keys";
import { findSession, sessionEnded } from "./session";
import { startPresence } from "./presence";
import { startSound } from "./sound";
import { startTitle } from "./title";
import { applyTheme } from "./theme";
import { whenSignedOut } from "./http";
import { applyLang } from "./words";
import "./styles/index.css";

applyTheme();
applyLang();
startClock();
startKeys();
startSound();
startPresence();
startTitle();
whenSignedOut(sessionEnded);
void findSession();

const root = document.getElementById("root");
if (root) render(<App />, root);
