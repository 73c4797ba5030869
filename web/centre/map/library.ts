// What draws the map. Fetched when a map is first shown, and never before: it weighs more than all pages together.

import "./library.css";
import { addProtocol, Map, Marker, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";

setWorkerUrl(new URL(worker, import.meta.url).href);
addProtocol("pmtiles", new Protocol().tile);

export { Map, Marker };
