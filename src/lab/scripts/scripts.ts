import fabric from "./fabric.sh.hbs";
import init from "./init.sh.hbs";
import machines from "./machines.sh.hbs";
import openVswitch from "./open-vswitch.sh.hbs";
import server from "./server.sh.hbs";
import services from "./services.sh.hbs";
import underlay from "./underlay.sh.hbs";

/** The shell scripts of the lab. They are constant: what differs reaches them as arguments and as lines of input. */
export const scripts = {
  init: init({}),
  machines: machines({}),
  openVswitch: openVswitch({}),
  underlay: underlay({}),
  fabric: fabric({}),
  services: services({}),
  server: server({}),
} as const;
