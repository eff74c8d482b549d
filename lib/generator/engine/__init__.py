"""The one seam between the generator and CDKTF.

`activate` chooses the engine of the process: *native* answers the bindings' calls in Python, *jsii* runs CDKTF's
JavaScript in Node and is the reference. Stacks are ordinary CDKTF code (they import `generator.engine.core`, `google`,
`postgresql` and `random`) and cannot tell which is active. `synthesize` runs them. What only jsii can do raises
`Unsupported` on native: the caller then repeats the whole run with the arguments from `rerun_on_jsii`.
"""

from generator.engine.errors import JSII_ENGINE_OPTION as JSII_ENGINE_OPTION
from generator.engine.errors import EngineError as EngineError
from generator.engine.errors import Unsupported as Unsupported
from generator.engine.errors import rerun_on_jsii as rerun_on_jsii
from generator.engine.reference import system_node as system_node
from generator.engine.selection import EngineKind as EngineKind
from generator.engine.selection import activate as activate
from generator.engine.selection import active as active
from generator.engine.selection import synthesize as synthesize
