"""The web service as it was deployed: the article's scoring experiment, as a definition of the newer kind.

Its shape is that of the published specification and its examples (azure-rest-api-specs, machinelearning 2017-01-01
webservices.json, examples/getWebService.json).
"""

from typing import Any, Final

MODEL_ASSET: Final = "asset3"


def first_definition(model_name: str, workspace_id: str, swagger_path: str) -> dict[str, Any]:
    """All properties of the web service on its first day, without a model yet; its swaggerLocation is a path only."""
    return {
        "title": "Scoring Exp for ADF ML",
        "description": "Scores rows with the model that its trained model asset points to.",
        "createdOn": "2016-02-13T00:00:00.0000000Z",
        "modifiedOn": "2016-02-13T00:00:00.0000000Z",
        "provisioningState": "Succeeded",
        "readOnly": False,
        "swaggerLocation": swagger_path,
        "exposeSampleData": False,
        "realtimeConfiguration": {"maxConcurrentCalls": 20},
        "diagnostics": {"level": "None"},
        "storageAccount": {"name": "relearnerstudio"},
        "machineLearningWorkspace": {"id": workspace_id},
        "packageType": "Graph",
        "payloadsInBlobStorage": False,
        "assets": {
            "asset1": _module("Score Model", "401b4f92e7244d5abe81d5b0ff9bdb33"),
            "asset2": _module("Select Columns in Dataset", "1ec722fab6234d1b8ad19f0fb0bd1bd0"),
            MODEL_ASSET: _model(model_name),
        },
        "parameters": {},
        "input": _ports("input1"),
        "output": _ports("output1"),
        "package": {"nodes": _nodes(), "edges": _edges(), "graphParameters": {}},
    }


def _module(name: str, module_id: str) -> dict[str, Any]:
    return {"name": name, "type": "Module", "locationInfo": {"uri": f"aml://module/{module_id}", "credentials": ""}}


def _model(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "Resource",
        "locationInfo": {"uri": "", "credentials": ""},
        "outputPorts": {"Results dataset": {"type": "Dataset"}},
    }


def _ports(name: str) -> dict[str, Any]:
    table = {"title": "", "description": "", "type": "object", "properties": {}}
    return {"title": "", "description": "", "type": "object", "properties": {name: table}}


def _nodes() -> dict[str, Any]:
    return {
        "node1": {"assetId": "asset2", "parameters": {}},
        "node2": {"assetId": MODEL_ASSET},
        "node3": {"assetId": "asset1", "parameters": {}},
        "node4": {"inputId": "input1"},
        "node5": {"outputId": "output1"},
    }


def _edges() -> list[dict[str, str]]:
    return [
        {"sourceNodeId": "node4", "targetNodeId": "node1", "targetPortId": "Dataset"},
        _edge(("node2", "Results dataset"), ("node3", "Trained model")),
        _edge(("node1", "Results dataset"), ("node3", "Dataset")),
        {"sourceNodeId": "node3", "sourcePortId": "Scored dataset", "targetNodeId": "node5"},
    ]


def _edge(source: tuple[str, str], target: tuple[str, str]) -> dict[str, str]:
    return {
        "sourceNodeId": source[0],
        "sourcePortId": source[1],
        "targetNodeId": target[0],
        "targetPortId": target[1],
    }
