// All styles, in the order they build on each other.

import '@fontsource-variable/inter/wght.css';
import './tokens.css';
import './base.css';
import './parts.css';
import './shell.css';
