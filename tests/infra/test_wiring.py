"""The Bicep files fit together, and each rule that says so notices a planted fault."""

import pytest

from .bicep import Template, templates
from .wiring import (
    MAIN,
    declared_twice,
    malformed_api_versions,
    modules_troubles,
    orphans,
    secret_outputs,
    unknown_outputs,
    unread_outputs,
    unused,
)

TEMPLATES = templates()
each_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def changed(file: str, old: str, new: str) -> dict[str, Template]:
    return TEMPLATES | {file: TEMPLATES[file].with_change(old, new)}


@each_template
def test_each_file_parses(template: Template) -> None:
    assert template.resources or template.modules


@each_template
def test_each_parameter_and_variable_is_used(template: Template) -> None:
    assert list(unused(template)) == []


@each_template
def test_no_output_holds_a_secret(template: Template) -> None:
    assert list(secret_outputs(template)) == []


@each_template
def test_each_api_version_is_one(template: Template) -> None:
    assert list(malformed_api_versions(template)) == []


@each_template
def test_each_name_is_declared_once(template: Template) -> None:
    assert list(declared_twice(template)) == []


def test_a_name_that_is_declared_twice_is_noticed() -> None:
    template = TEMPLATES["identity.bicep"].with_change("output id ", "output clientId string = name\noutput id ")
    assert list(declared_twice(template)) == ["identity.bicep: output clientId"]


def test_each_module_is_a_file_here_and_gets_what_it_needs() -> None:
    assert list(modules_troubles(TEMPLATES)) == []


def test_each_file_is_deployed() -> None:
    assert list(orphans(TEMPLATES)) == []


def test_each_output_is_read_and_each_one_read_is_there() -> None:
    assert list(unread_outputs(TEMPLATES)) == []
    assert list(unknown_outputs(TEMPLATES)) == []


def test_a_file_that_does_not_parse_is_noticed() -> None:
    broken = TEMPLATES["identity.bicep"].with_change("param name string", "param name string = {")
    with pytest.raises(Exception, match="Unexpected token"):
        _ = broken.resources


@pytest.mark.parametrize("planted", ["param forgotten string", "var forgotten = 'name'", "param forgotten int = 1"])
def test_an_unused_parameter_or_variable_is_noticed(planted: str) -> None:
    template = TEMPLATES["identity.bicep"].with_change("param name string", f"param name string\n{planted}")
    assert list(unused(template)) == ["identity.bicep: forgotten"]


def test_a_name_in_a_comment_a_text_or_a_key_is_not_a_use_of_it() -> None:
    template = TEMPLATES["identity.bicep"].with_change(
        "  name: name", "  // forgotten\n  forgotten: 'forgotten'\n  name: name"
    )
    template = template.with_change("param name string", "param name string\nparam forgotten string")
    assert list(unused(template)) == ["identity.bicep: forgotten"]


def test_a_name_inside_a_text_is_a_use_of_it() -> None:
    template = TEMPLATES["identity.bicep"].with_change("  name: name", "  name: '${name}-${lower('x${wanted}')}'")
    template = template.with_change("param name string", "param name string\nparam wanted string")
    assert list(unused(template)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (MAIN, "'telemetry.bicep'", "'br/public:avm/res/insights/component:0.6.0'", "module telemetry is public:avm"),
        (MAIN, "'telemetry.bicep'", "'telemetri.bicep'", "module telemetry is telemetri.bicep"),
        (MAIN, "    sourceId: training", "    source: training", "eventTopic gets source, which"),
        ("eventTopic.bicep", "param sourceId", "param sourceId string\nparam other", "does not get other, which"),
    ],
)
def test_a_module_that_does_not_fit_is_noticed(file: str, old: str, new: str, told: str) -> None:
    assert any(told in each for each in modules_troubles(changed(file, old, new)))


def test_a_file_that_nothing_deploys_is_noticed() -> None:
    assert list(orphans(TEMPLATES | {"forgotten.bicep": TEMPLATES["identity.bicep"]})) == ["forgotten.bicep"]


def test_an_output_that_nothing_reads_is_noticed() -> None:
    found = unread_outputs(changed("identity.bicep", "output id ", "output forgotten string = name\noutput id "))
    assert list(found) == ["identity.bicep: forgotten"]


def test_reading_an_output_that_is_not_there_is_noticed() -> None:
    assert list(unknown_outputs(changed("identity.bicep", "output clientId", "output clientID"))) == [
        f"{MAIN}: identity.clientId"
    ]


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("keyVault.bicep", "output leak string = trainingStorage.listKeys().keys[0].value"),
        ("keyVault.bicep", "output leak string = listKeys(trainingStorage.id, '2023-05-01').keys[0].value"),
        ("keyVault.bicep", "output leak object = secrets"),
        (MAIN, "output leak string = 'key=${trainingApiKey}'"),
    ],
)
def test_a_secret_in_an_output_is_noticed(file: str, planted: str) -> None:
    template = TEMPLATES[file]
    leaking = Template(file, f"{template.text}\n{planted}\n")
    assert list(secret_outputs(leaking)) == [f"{file}: leak"]


@pytest.mark.parametrize("version", ["latest", "2024-13-01", "2024-04-01-beta", "24-04-01"])
def test_a_malformed_api_version_is_noticed(version: str) -> None:
    template = TEMPLATES["identity.bicep"].with_change("@2023-01-31", f"@{version}")
    assert list(malformed_api_versions(template)) == [f"identity.bicep: identity has {version}"]
