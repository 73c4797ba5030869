// What this screen can draw with: a graphics processor, a processor that stands in for one, or nothing.

export type Graphics = "hardware" | "software" | "none";

const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Software|Basic Render/i;

/** Asked before MapLibre is fetched, which is of no use where there is no WebGL 2. */
export function graphics(): Graphics {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "none";
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext(); // a browser has few of them
  return SOFTWARE.test(renderer) ? "software" : "hardware";
}
