// The page's own style, before any part's: of two that say the same thing of an element the later one counts.

import "./centre.css";
import "./assistant/assistant.css";
