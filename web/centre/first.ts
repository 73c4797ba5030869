// Before the first paint: the size of the screen and whose it is, which style alone cannot know.

import { fit } from "./fit";

const root = document.getElementById("centre")!;
root.dataset["screen"] = new URLSearchParams(location.search).get("screen") === "passenger" ? "passenger" : "centre";
fit(root);
