"""The CDKTF kernel in Python: answers the bindings' jsii calls in this process, without Node.

The real bindings are thin: every constructor, property and method ends in `jsii.create/get/set/invoke/sinvoke/sget`,
which the jsii package sends to a Node process that runs CDKTF's JavaScript. Here the same six calls are answered by
*peers*: one Python object per construct that does what CDKTF 0.21's JavaScript object of that class does. The rules
mirrored are named in each module; jsii stays the reference, and the parity tests compare the two byte for byte.

| module | mirrors |
|---|---|
| `facade` | the `jsii` Python package: decorators, metaclass, the kernel calls |
| `kernel` | the kernel: which peer answers for which class, arguments in, results out |
| `values` | how jsii passes Python values to JavaScript |
| `schema` | the generated provider code: property → Terraform name, type, nesting |
| `tree`, `logical_ids` | constructs' Node; CDKTF's unique ids |
| `elements`, `outputs`, `backends`, `resources` | App, TerraformStack and the elements in it |
| `references` | nested output references: ComplexObject, ComplexList, StringMap |
| `tokens`, `expressions`, `functions`, `resolve` | Token, TokenMap, tfExpression, Fn and Op, resolve |
| `merge`, `render` | deepMerge, keysToSnakeCase, TerraformStack.toTerraform |
"""
