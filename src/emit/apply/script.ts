import filters from "./filters.sh.hbs";
import flows from "./flows.sh.hbs";
import head from "./head.sh.hbs";
import hybrid from "./hybrid.sh.hbs";
import main from "./main.sh.hbs";
import namespaces from "./namespaces.sh.hbs";
import openVswitch from "./open-vswitch.sh.hbs";

/**
 * The bash script that programs a host with the artefacts beside it.
 *
 * Shape: the same bytes on every host; names come from the artefacts, so that none ever reaches a shell as code.
 */
export const applyScript: string = [head, hybrid, filters, openVswitch, flows, namespaces, main].map((part) => part({})).join("");
