"""Writes a copy of the template whose functions take their code from elsewhere."""

from pathlib import Path

from samcli.yamlhelper import yaml_dump, yaml_parse


def functions_of(template):
    """Logical id -> resource of every function in a parsed template."""
    return {
        name: resource for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def write_template(source, target, code, variables=None):
    """Writes the template `source` to `target`; returns `target`.

    `code` maps a function's logical id and its CodeUri to the new CodeUri. `variables` are added to every function.
    """
    template = yaml_parse(Path(source).read_text(encoding="utf-8"))
    for name, function in functions_of(template).items():
        function["Properties"]["CodeUri"] = str(code(name, function["Properties"]["CodeUri"]))
    template["Globals"]["Function"]["Environment"]["Variables"] |= variables or {}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml_dump(template), encoding="utf-8")
    return target
