# ruff: noqa: E501, FBT003 -- a row of the tables below is a case: name, change, place, problem; True is a JSON value
"""Each thing that can be wrong: one change to the article's documents, and the exact places of its faults."""

import pytest

from functions.retraining.adf import load

from .factories import (
    EXAMPLES,
    MODEL,
    PIPELINE,
    PLACEHOLDER,
    SCORING,
    STORAGE,
    TRAINING,
    Change,
    append,
    both,
    documents,
    drop,
    faults_of,
    load_changed,
    put,
)

BATCH = "properties.activities.0"
UPDATE = "properties.activities.1"
AT_BATCH = f"{PIPELINE} $.properties.activities[0]"
AT_UPDATE = f"{PIPELINE} $.properties.activities[1]"
INSIDE = "properties.typeProperties"

WRONG: list[tuple[str, Change, str, str]] = [
    ("wrong type of text", put(EXAMPLES, f"{INSIDE}.folderPath", 5), f"{EXAMPLES} $.{INSIDE}.folderPath", "expected text, found a number"),
    ("wrong type of object", put(EXAMPLES, INSIDE, []), f"{EXAMPLES} $.{INSIDE}", "expected an object, found an array"),
    ("wrong type of array", put(PIPELINE, "properties.activities", {}), f"{PIPELINE} $.properties.activities", "expected an array, found an object"),
    ("wrong type of boolean", put(PIPELINE, "properties.isPaused", "yes"), f"{PIPELINE} $.properties.isPaused", "expected true or false, found text"),
    ("boolean is no number", put(PIPELINE, f"{BATCH}.policy.retry", True), f"{AT_BATCH}.policy.retry", "a whole number from 0 to 10, found true or false"),
    ("null in an array", put(PIPELINE, f"{BATCH}.inputs.0", None), f"{AT_BATCH}.inputs[0]", "is null"),
    ("empty text", put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelName", " "), f"{AT_UPDATE}.typeProperties.trainedModelName", "is empty"),
    ("half a character", put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelName", "\ud800"), f"{AT_UPDATE}.typeProperties.trainedModelName", "surrogate"),
    ("missing name", drop(PIPELINE, "name"), f"{PIPELINE} $.name", "is missing"),
    ("missing properties", drop(PLACEHOLDER, "properties"), f"{PLACEHOLDER} $.properties", "is missing"),
    ("bad name", put(PIPELINE, "name", "a/b"), f"{PIPELINE} $.name", "is not a name"),
    ("missing folderPath", drop(PLACEHOLDER, f"{INSIDE}.folderPath"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "is missing; expected container"),
    ("missing apiKey", drop(TRAINING, f"{INSIDE}.apiKey"), f"{TRAINING} $.{INSIDE}.apiKey", "is missing"),
    ("missing mlEndpoint", drop(SCORING, f"{INSIDE}.mlEndpoint"), f"{SCORING} $.{INSIDE}.mlEndpoint", "is missing"),
    ("missing trainedModelName", drop(PIPELINE, f"{UPDATE}.typeProperties.trainedModelName"), f"{AT_UPDATE}.typeProperties.trainedModelName", "is missing"),
    ("missing webServiceInput", both(drop(PIPELINE, f"{BATCH}.typeProperties.webServiceInput"), put(PIPELINE, f"{BATCH}.inputs", [])), f"{AT_BATCH}.typeProperties.webServiceInput", "is missing"),
    ("unknown linked service type", put(STORAGE, "properties.type", "AzureSqlDatabase"), f"{STORAGE} $.properties.type", "expected AzureStorage, AzureStorageSas, AzureBlobStorage or AzureML"),
    ("unknown dataset type", put(PLACEHOLDER, "properties.type", "AzureSqlTable"), f"{PLACEHOLDER} $.properties.type", "expected AzureBlob"),
    ("unknown activity type", put(PIPELINE, f"{BATCH}.type", "AzureMLBatch"), f"{AT_BATCH}.type", "expected AzureMLBatchExecution or AzureMLUpdateResource"),
    ("dangling linked service of a dataset", put(EXAMPLES, "properties.linkedServiceName", "Storage"), f"{EXAMPLES} $.properties.linkedServiceName", "there is no linked service 'Storage'; expected one of: StorageLinkedService"),
    ("linked service of the wrong type", put(EXAMPLES, "properties.linkedServiceName", "trainingEndpoint"), f"{EXAMPLES} $.properties.linkedServiceName", "the linked service 'trainingEndpoint' is not of type AzureStorage, AzureStorageSas or AzureBlobStorage; expected one of: StorageLinkedService"),
    ("dangling linked service of an activity", put(PIPELINE, f"{BATCH}.linkedServiceName", "training"), f"{AT_BATCH}.linkedServiceName", "expected one of: trainingEndpoint, updatableScoringEndpoint2"),
    ("dangling input", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInput", "trainingDta"), f"{AT_BATCH}.typeProperties.webServiceInput", "there is no dataset 'trainingDta'; expected one of: placeholderBlob, trainedModelBlob, trainingData"),
    ("input not among inputs", put(PIPELINE, f"{BATCH}.inputs", []), f"{AT_BATCH}.typeProperties.webServiceInput", "'trainingData' is not among the activity's inputs"),
    ("output not among outputs", put(PIPELINE, f"{BATCH}.outputs", [{"name": "placeholderBlob"}]), f"{AT_BATCH}.typeProperties.webServiceOutputs.output1", "is not among the activity's outputs (placeholderBlob)"),
    ("model not among the update's inputs", put(PIPELINE, f"{UPDATE}.inputs", []), f"{AT_UPDATE}.typeProperties.trainedModelDatasetName", "is not among the activity's inputs"),
    ("model left as csv", put(MODEL, f"{INSIDE}.fileName", "model.csv"), f"{MODEL} $.{INSIDE}.fileName", "a training output left as .csv is not a model; expected .ilearner"),
    ("model without fileName", drop(MODEL, f"{INSIDE}.fileName"), f"{MODEL} $.{INSIDE}.fileName", "is missing; expected the name of the blob"),
    ("examples of the wrong kind", put(EXAMPLES, f"{INSIDE}.fileName", "examples.xlsx"), f"{EXAMPLES} $.{INSIDE}.fileName", "expected .csv, .tsv or .arff"),
    ("malformed duration", put(PIPELINE, f"{BATCH}.policy.timeout", "2 hours"), f"{AT_BATCH}.policy.timeout", "expected hh:mm:ss or d.hh:mm:ss"),
    ("minutes out of range", put(PIPELINE, f"{BATCH}.policy.timeout", "02:60:00"), f"{AT_BATCH}.policy.timeout", "is not a duration"),
    ("days with too many hours", put(PIPELINE, f"{BATCH}.policy.timeout", "24:30:00"), f"{AT_BATCH}.policy.timeout", "is not a duration"),
    ("duration too long", put(PIPELINE, f"{BATCH}.policy.timeout", "99999999.00:00:00"), f"{AT_BATCH}.policy.timeout", "longer than 365 days"),
    ("retry too high", put(PIPELINE, f"{UPDATE}.policy.retry", 11), f"{AT_UPDATE}.policy.retry", "expected a whole number from 0 to 10"),
    ("retry negative", put(PIPELINE, f"{UPDATE}.policy.retry", -1), f"{AT_UPDATE}.policy.retry", "out of range"),
    ("concurrency zero", put(PIPELINE, f"{BATCH}.policy.concurrency", 0), f"{AT_BATCH}.policy.concurrency", "from 1 to 10"),
    ("unknown order", put(PIPELINE, f"{BATCH}.policy.executionPriorityOrder", "Newest"), f"{AT_BATCH}.policy.executionPriorityOrder", "expected OldestFirst or NewestFirst"),
    ("misspelled property", both(put(PIPELINE, f"{BATCH}.policy.Timeout", "01:00:00"), drop(PIPELINE, f"{BATCH}.policy.timeout")), f"{AT_BATCH}.policy.Timeout", "is spelled wrong; expected timeout"),
    ("folder without container", put(PLACEHOLDER, f"{INSIDE}.folderPath", "/"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "names no container"),
    ("container in capitals", put(PLACEHOLDER, f"{INSIDE}.folderPath", "Any/x"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "3 to 63 lower-case letters"),
    ("container too short", put(PLACEHOLDER, f"{INSIDE}.folderPath", "ab"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "3 to 63"),
    ("container with two hyphens", put(PLACEHOLDER, f"{INSIDE}.folderPath", "a--b"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "single hyphens"),
    ("folder of dots", put(PLACEHOLDER, f"{INSIDE}.folderPath", "any/../x"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "expected no . or .. folders"),
    ("backslash", put(PLACEHOLDER, f"{INSIDE}.folderPath", "any/a\\b"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "expected / between folders"),
    ("no update endpoint", drop(SCORING, f"{INSIDE}.updateResourceEndpoint"), f"{AT_UPDATE}.linkedServiceName", f"'updatableScoringEndpoint2' has no updateResourceEndpoint; expected one in {SCORING}"),
    ("endpoint not https", put(TRAINING, f"{INSIDE}.mlEndpoint", "http://host/jobs"), f"{TRAINING} $.{INSIDE}.mlEndpoint", "expected https://host/path"),
    ("endpoint with a user", put(TRAINING, f"{INSIDE}.mlEndpoint", "https://user:word@host/jobs"), f"{TRAINING} $.{INSIDE}.mlEndpoint", "without user name"),
    ("endpoint without jobs", put(TRAINING, f"{INSIDE}.mlEndpoint", "https://host/services/x"), f"{TRAINING} $.{INSIDE}.mlEndpoint", "does not end in /jobs"),
    ("request/response endpoint", put(TRAINING, f"{INSIDE}.mlEndpoint", "https://host/services/x/execute?api-version=2.0&details=true"), f"{TRAINING} $.{INSIDE}.mlEndpoint", "REQUEST/RESPONSE"),
    ("update endpoint of no kind", put(SCORING, f"{INSIDE}.updateResourceEndpoint", "https://host/workspaces/w/webservices/s"), f"{SCORING} $.{INSIDE}.updateResourceEndpoint", "is not an UPDATE RESOURCE address"),
    ("key with a line break", put(TRAINING, f"{INSIDE}.apiKey", "hidden\n"), f"{TRAINING} $.{INSIDE}.apiKey", "copy it again"),
    ("key with a blank", put(TRAINING, f"{INSIDE}.apiKey", "hidden "), f"{TRAINING} $.{INSIDE}.apiKey", "ends with a blank"),
    ("no connection string", put(STORAGE, f"{INSIDE}.connectionString", "hidden"), f"{STORAGE} $.{INSIDE}.connectionString", "expected AccountName=...;AccountKey=..."),
    ("half a service principal", put(SCORING, f"{INSIDE}.tenant", "mycompany.com"), f"{SCORING} $.{INSIDE}.servicePrincipalId", "or none"),
    ("no batch execution", drop(PIPELINE, BATCH), f"{PIPELINE} $.properties.activities", "holds no AzureMLBatchExecution"),
    ("no update resource", drop(PIPELINE, UPDATE), f"{PIPELINE} $.properties.activities", "holds no AzureMLUpdateResource"),
    ("two activities of one name", put(PIPELINE, f"{UPDATE}.name", "Retraining"), f"{AT_UPDATE}.name", "is the name of another activity"),
    ("empty outputs", put(PIPELINE, f"{BATCH}.typeProperties.webServiceOutputs", {}), f"{AT_BATCH}.typeProperties.webServiceOutputs", "is empty"),
    ("both forms of input", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInputs", {"input1": "trainingData"}), f"{AT_BATCH}.typeProperties.webServiceInputs", "only one of the two"),
    ("no inputs at all", both(drop(PIPELINE, f"{BATCH}.typeProperties.webServiceInput"), put(PIPELINE, f"{BATCH}.typeProperties.webServiceInputs", {})), f"{AT_BATCH}.typeProperties.webServiceInputs", "is empty"),
    ("wildcards in a name", put(EXAMPLES, f"{INSIDE}.fileName", "*.arff"), f"{EXAMPLES} $.{INSIDE}.fileName", "write it as fileFilter"),
    ("a filter with folders", both(drop(EXAMPLES, f"{INSIDE}.fileName"), put(EXAMPLES, f"{INSIDE}.fileFilter", "a/*.csv")), f"{EXAMPLES} $.{INSIDE}.fileFilter", "is not a filter"),
    ("braces without partition", put(EXAMPLES, f"{INSIDE}.folderPath", "labeledexamples/{Year}"), f"{EXAMPLES} $.{INSIDE}.folderPath", "'{Year}', which is not in partitionedBy"),
    ("a partition in the container", put(EXAMPLES, f"{INSIDE}.folderPath", "{Year}/a"), f"{EXAMPLES} $.{INSIDE}.folderPath", "does not begin with a container's name"),
    ("a brace alone", put(EXAMPLES, f"{INSIDE}.fileName", "a{b.csv"), f"{EXAMPLES} $.{INSIDE}.fileName", "a brace that stands alone"),
    ("a partition without value", put(EXAMPLES, f"{INSIDE}.partitionedBy", [{"name": "Year"}]), f"{EXAMPLES} $.{INSIDE}.partitionedBy[0].value", "is missing"),
    ("a partition of another type", put(EXAMPLES, f"{INSIDE}.partitionedBy", [{"name": "Y", "value": {"type": "Number", "date": "SliceStart", "format": "yyyy"}}]), f"{EXAMPLES} $.{INSIDE}.partitionedBy[0].value.type", "expected DateTime"),
    ("a partition of no time", put(EXAMPLES, f"{INSIDE}.partitionedBy", [{"name": "Y", "value": {"type": "DateTime", "date": "Now", "format": "yyyy"}}]), f"{EXAMPLES} $.{INSIDE}.partitionedBy[0].value.date", "is not a slice's time"),
    ("a partition of no format", put(EXAMPLES, f"{INSIDE}.partitionedBy", [{"name": "Y", "value": {"type": "DateTime", "date": "SliceStart", "format": "d"}}]), f"{EXAMPLES} $.{INSIDE}.partitionedBy[0].value.format", "parts that are not known here"),
    ("a partition twice", put(EXAMPLES, f"{INSIDE}.partitionedBy", [{"name": "Y", "value": {"type": "DateTime", "date": "SliceStart", "format": "yyyy"}}] * 2), f"{EXAMPLES} $.{INSIDE}.partitionedBy", "has 'Y' twice"),
    ("a negative size", put(EXAMPLES, "properties.policy.validation", {"minimumSizeMB": -1}), f"{EXAMPLES} $.properties.policy.validation.minimumSizeMB", "a number from 0 on"),
    ("a size in words", put(EXAMPLES, "properties.policy.validation", {"minimumSizeMB": "1"}), f"{EXAMPLES} $.properties.policy.validation.minimumSizeMB", "a number from 0 on, found text"),
    ("too many looks", put(EXAMPLES, "properties.policy.externalData.maximumRetry", 11), f"{EXAMPLES} $.properties.policy.externalData.maximumRetry", "from 0 to 10"),
    ("too many rounds", put(PIPELINE, f"{BATCH}.policy.longRetry", 11), f"{AT_BATCH}.policy.longRetry", "from 0 to 10"),
    ("too short an interval", put(PIPELINE, f"{BATCH}.policy.retryIntervalInSeconds", 1), f"{AT_BATCH}.policy.retryIntervalInSeconds", "from 30 to 86400"),
    ("several at a time in one place", put(PIPELINE, f"{BATCH}.policy.concurrency", 2), f"{AT_BATCH}.typeProperties.webServiceOutputs.output1", "partitionedBy down to the second"),
    ("superseding from the oldest on", both(put(PIPELINE, "properties.supersedeOlderExamples", True), drop(PIPELINE, f"{BATCH}.policy.executionPriorityOrder")), f"{PIPELINE} $.properties.supersedeOlderExamples", "NewestFirst and concurrency 1 only"),
    ("no update that is active", put(PIPELINE, f"{UPDATE}.state", "Inactive"), f"{PIPELINE} $.properties.activities", "holds no AzureMLUpdateResource"),
    ("no state", put(PIPELINE, f"{UPDATE}.state", "Off"), f"{AT_UPDATE}.state", "expected Active or Inactive"),
    ("depending on nobody", put(PIPELINE, f"{UPDATE}.dependsOn", [{"activity": "x"}]), f"{AT_UPDATE}.dependsOn[0].activity", "not the name of an activity"),
    ("depending on itself", put(PIPELINE, f"{UPDATE}.dependsOn", [{"activity": "azureml update resource"}]), f"{AT_UPDATE}.dependsOn[0].activity", "is this activity itself"),
    ("both spellings of the model", put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelFilePath", "trainingoutput/model.ilearner"), f"{AT_UPDATE}.typeProperties.trainedModelFilePath", "stands beside trainedModelDatasetName"),
    ("a linked service without its path", put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelLinkedServiceName", "StorageLinkedService"), f"{AT_UPDATE}.typeProperties.trainedModelLinkedServiceName", "goes with trainedModelFilePath"),
    ("a port's path without linked service", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInput", {"filePath": "a/b.csv"}), f"{AT_BATCH}.typeProperties.webServiceInput.linkedServiceName", "is missing"),
    ("a port's path without container", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInput", {"filePath": "b.csv", "linkedServiceName": "StorageLinkedService"}), f"{AT_BATCH}.typeProperties.webServiceInput.filePath", "expected container/name"),
    ("a port's path to a folder", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInput", {"filePath": "abc/b/", "linkedServiceName": "StorageLinkedService"}), f"{AT_BATCH}.typeProperties.webServiceInput.filePath", "names a folder"),
    ("a port's path in both letters", put(PIPELINE, f"{BATCH}.typeProperties.webServiceInput", {"filePath": "abc/b.csv", "FilePath": "abc/b.csv", "linkedServiceName": "StorageLinkedService"}), f"{AT_BATCH}.typeProperties.webServiceInput.FilePath", "stands beside filePath"),
    ("a folder among several inputs", both(drop(PIPELINE, f"{BATCH}.typeProperties.webServiceInput"), append(PIPELINE, f"{BATCH}.inputs", {"name": "placeholderBlob"}), put(PIPELINE, f"{BATCH}.typeProperties.webServiceInputs", {"a": "trainingData", "b": "placeholderBlob"})), f"{PLACEHOLDER} $.{INSIDE}.fileName", "one of several inputs"),
    ("parameter of no kind", put(PIPELINE, f"{BATCH}.typeProperties.globalParameters", {"a b": []}), f"{AT_BATCH}.typeProperties.globalParameters['a b']", "expected text, a number"),
]  # fmt: skip

NOT_SUPPORTED: list[tuple[str, Change, str, str]] = [
    ("encrypted credential", put(STORAGE, f"{INSIDE}.encryptedCredential", "hidden"), f"{STORAGE} $.{INSIDE}.encryptedCredential", "only Data Factory can decrypt"),
    ("anonymous storage", put(STORAGE, f"{INSIDE}.authenticationType", "Anonymous"), f"{STORAGE} $.{INSIDE}.authenticationType", "without any authentication"),
    ("storage by service principal", put(STORAGE, f"{INSIDE}.servicePrincipalId", "x"), f"{STORAGE} $.{INSIDE}.servicePrincipalId", "the app's own identity does"),
    ("the new Azure ML", put(TRAINING, "properties.type", "AzureMLService"), f"{TRAINING} $.properties.type", "workspaces"),
    ("v2 dataset of another type", put(PLACEHOLDER, "properties.type", "Binary"), f"{PLACEHOLDER} $.properties.type", "v2's type Binary"),
    ("v2 location", put(PLACEHOLDER, f"{INSIDE}.location", {"type": "AzureBlobStorageLocation"}), f"{PLACEHOLDER} $.{INSIDE}.location", "write folderPath"),
    ("v2 expression in a path", put(PLACEHOLDER, f"{INSIDE}.folderPath", "@concat('a','b')"), f"{PLACEHOLDER} $.{INSIDE}.folderPath", "expression of Data Factory v2"),
    ("v2 expression within a name", put(EXAMPLES, f"{INSIDE}.fileName", "a@{utcnow()}.csv"), f"{EXAMPLES} $.{INSIDE}.fileName", "expression of Data Factory v2"),
    ("v2 expression in a filter", both(drop(EXAMPLES, f"{INSIDE}.fileName"), put(EXAMPLES, f"{INSIDE}.fileFilter", "@x()")), f"{EXAMPLES} $.{INSIDE}.fileFilter", "expression of Data Factory v2"),
    ("v2 expression object", put(EXAMPLES, f"{INSIDE}.fileName", {"value": "@x()", "type": "Expression"}), f"{EXAMPLES} $.{INSIDE}.fileName", "expression of Data Factory v2"),
    ("v2 expression as a parameter", put(PIPELINE, f"{BATCH}.typeProperties.globalParameters", {"a": "@x()"}), f"{AT_BATCH}.typeProperties.globalParameters.a", "expression of Data Factory v2"),
    ("v2 expression object as a parameter", put(PIPELINE, f"{BATCH}.typeProperties.globalParameters", {"a": {"value": "@x()", "type": "Expression"}}), f"{AT_BATCH}.typeProperties.globalParameters.a", "expression of Data Factory v2"),
    ("v2 expression as a key", put(TRAINING, f"{INSIDE}.apiKey", {"value": "@x()", "type": "Expression"}), f"{TRAINING} $.{INSIDE}.apiKey", "expression of Data Factory v2"),
    ("v2 parameters of a reference", put(EXAMPLES, "properties.linkedServiceName", {"referenceName": "StorageLinkedService", "type": "LinkedServiceReference", "parameters": {"a": "b"}}), f"{EXAMPLES} $.properties.linkedServiceName.parameters", "filled in while"),
    ("datasets in the pipeline", put(PIPELINE, "properties.datasets", [{}]), f"{PIPELINE} $.properties.datasets", "a document of its own"),
    ("another activity", put(PIPELINE, f"{BATCH}.type", "Copy"), f"{AT_BATCH}.type", "activities other than"),
    ("a training that is inactive", put(PIPELINE, f"{BATCH}.state", "Inactive"), f"{AT_BATCH}.state", "does not run"),
    ("an inactive update that failed", both(put(PIPELINE, f"{UPDATE}.state", "Inactive"), put(PIPELINE, f"{UPDATE}.onInactiveMarkAs", "Failed")), f"{AT_UPDATE}.onInactiveMarkAs", "a result"),
    ("after a failure", put(PIPELINE, f"{UPDATE}.dependsOn", [{"activity": "retraining", "dependencyConditions": ["Failed"]}]), f"{AT_UPDATE}.dependsOn[0].dependencyConditions[0]", "expected Succeeded"),
    ("a training that follows", put(PIPELINE, f"{BATCH}.dependsOn", [{"activity": "AzureML Update Resource"}]), f"{AT_BATCH}.dependsOn[0].activity", "when an example arrives"),
    ("a check of the model", put(MODEL, "properties.policy", {"validation": {"minimumSizeMB": 1}}), f"{MODEL} $.properties.policy.validation", "what the training writes"),
    ("another slice", put(PIPELINE, f"{BATCH}.inputs.0.startTime", "Date.AddDays(SliceStart, -1)"), f"{AT_BATCH}.inputs[0].startTime", "another slice"),
    ("an input that no port reads", append(PIPELINE, f"{BATCH}.inputs", {"name": "placeholderBlob"}), f"{AT_BATCH}.inputs[1].name", "an input that no port reads"),
    ("an update that would wait", append(PIPELINE, f"{UPDATE}.inputs", {"name": "trainingData"}), f"{AT_UPDATE}.inputs[1].name", "other than the trained model"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "where", "problem"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_wrong_is_one_fault_at_its_place(change: Change, where: str, problem: str) -> None:
    places = [(at, said) for at, said in faults_of(load_changed(change)) if at == where]
    assert len(places) == 1, faults_of(load_changed(change))
    assert problem in places[0][1]
    assert "hidden" not in repr(faults_of(load_changed(change)))


@pytest.mark.parametrize(
    ("change", "where", "problem"), [row[1:] for row in NOT_SUPPORTED], ids=[row[0] for row in NOT_SUPPORTED]
)
def test_what_would_change_a_run_and_is_not_supported_is_a_fault(change: Change, where: str, problem: str) -> None:
    faults = faults_of(load_changed(change))
    said = dict(faults).get(where, "")
    assert said.startswith("is not supported ("), faults
    assert problem in said
    assert "hidden" not in repr(faults)


def test_the_model_has_to_be_what_the_training_writes() -> None:
    outputs = both(
        put(PIPELINE, f"{BATCH}.typeProperties.webServiceOutputs.output1", "placeholderBlob"),
        put(PIPELINE, f"{BATCH}.outputs", [{"name": "placeholderBlob"}]),
        put(PLACEHOLDER, f"{INSIDE}.fileName", "other.ilearner"),
    )
    ((where, problem),) = faults_of(load_changed(outputs))
    assert where == f"{AT_UPDATE}.typeProperties.trainedModelDatasetName"
    assert problem == "is not among the webServiceOutputs of the training; expected one of: placeholderBlob"


def test_a_training_that_writes_among_its_examples_would_start_itself_again() -> None:
    change = both(drop(EXAMPLES, f"{INSIDE}.fileName"), put(MODEL, f"{INSIDE}.folderPath", "labeledexamples/out"))
    ((where, problem),) = faults_of(load_changed(change))
    assert where == f"{AT_BATCH}.typeProperties.webServiceOutputs.output1"
    assert "each run would start another" in problem


def test_the_same_folder_in_another_account_is_another_place() -> None:
    other = {
        "name": "Other",
        "properties": {"type": "AzureStorage", "typeProperties": {"connectionString": "AccountName=b;AccountKey=c"}},
    }
    change = both(
        drop(EXAMPLES, f"{INSIDE}.fileName"),
        put(MODEL, f"{INSIDE}.folderPath", "labeledexamples/out"),
        put(MODEL, "properties.linkedServiceName", "Other"),
        lambda parsed: parsed.update({"linkedService/Other.json": other}),
    )
    assert load_changed(change).faults == ()


def test_a_broken_document_takes_nobodys_name_and_keeps_references_to_its_own_quiet() -> None:
    texts = documents() | {"dataset/a/placeholderBlob.json": "{", "dataset/broken.json": "{"}
    texts[PIPELINE] = texts[PIPELINE].replace('"placeholderBlob"', '"broken"')
    places = [where for where, _ in faults_of(load(texts, {}))]
    assert places == ["dataset/a/placeholderBlob.json $", "dataset/broken.json $"]


def test_a_key_in_the_place_of_a_name_is_not_shown() -> None:
    for place in (f"{BATCH}.linkedServiceName", f"{BATCH}.typeProperties.webServiceInput", f"{BATCH}.inputs.0.name"):
        factory = load_changed(put(PIPELINE, place, "hidden+h3WvG1hB/AKtflHWMOCuicmQ=="))
        assert factory.faults
        assert "hidden" not in repr(factory.faults)


def test_two_outputs_must_not_be_one_blob() -> None:
    outputs = {"output1": "trainedModelBlob", "output2": "trainedModelBlob"}
    ((where, problem),) = faults_of(load_changed(put(PIPELINE, f"{BATCH}.typeProperties.webServiceOutputs", outputs)))
    assert where == f"{AT_BATCH}.typeProperties.webServiceOutputs.output2"
    assert "writes the same blob as port 'output1'" in problem


def test_a_name_that_is_taken_in_other_letters_is_a_fault() -> None:
    texts = documents() | {"dataset/z.json": documents()[PLACEHOLDER].replace("placeholderBlob", "PlaceholderBlob")}
    ((where, problem),) = faults_of(load(texts, {}))
    assert where == "dataset/z.json $.name"
    assert problem.startswith(f"'PlaceholderBlob' is the name of another dataset, in {PLACEHOLDER}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"name":\n  "x",}', "is not JSON: Illegal trailing comma before end of object (line 2, column 6)"),
        ("", "is not JSON: Expecting value (line 1, column 1)"),
        ("[]", "expected an object, found an array"),
        ("null", "expected an object, found null"),
        ('{"a": NaN}', "NaN, Infinity"),
        ('{"a": ' + "9" * 5000 + "}", "thousands of digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":\n "\udcff"}', "is not UTF-8 (line 2, column 3)"),
    ],
)
def test_a_document_that_is_no_json_object_says_where_and_spoils_no_other(text: str, problem: str) -> None:
    texts = documents() | {TRAINING: text, PLACEHOLDER: documents()[PLACEHOLDER].replace('"any"', '"A"')}
    first, second = faults_of(load(texts, {}))
    assert first[0] == f"{TRAINING} $"
    assert problem in first[1]
    assert second[0] == f"{PLACEHOLDER} $.{INSIDE}.folderPath"


def test_a_property_written_twice_is_a_fault() -> None:
    text = documents()[TRAINING].replace('"apiKey": "myKey"', '"apiKey": "hidden", "apiKey": "myKey"')
    ((where, problem),) = faults_of(load(documents() | {TRAINING: text}, {}))
    assert (where, problem) == (f"{TRAINING} $.{INSIDE}.apiKey", "is written twice in the same object; keep one")


def test_faults_of_all_documents_are_told_at_once() -> None:
    change = both(
        put(STORAGE, f"{INSIDE}.connectionString", 1),
        put(TRAINING, f"{INSIDE}.mlEndpoint", "x"),
        put(MODEL, f"{INSIDE}.fileName", "model.csv"),
        put(PIPELINE, f"{BATCH}.policy.retry", 99),
        put(PIPELINE, f"{UPDATE}.policy.timeout", "x"),
    )
    assert [where for where, _ in faults_of(load_changed(change))] == [
        f"{STORAGE} $.{INSIDE}.connectionString",
        f"{TRAINING} $.{INSIDE}.mlEndpoint",
        f"{AT_BATCH}.policy.retry",
        f"{AT_UPDATE}.policy.timeout",
        f"{MODEL} $.{INSIDE}.fileName",
    ]


def test_no_documents_at_all_is_a_fault() -> None:
    assert faults_of(load({}, {})) == [("pipeline/", "there is no pipeline; expected a document pipeline/*.json")]
