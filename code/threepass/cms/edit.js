import CMS from "./cms/npm/index.js";
import { day, note } from "./records.js";

CMS.registerCustomFormat("threepass-day", "yml", day);
CMS.registerCustomFormat("threepass-note", "md", note);
CMS.init();
