"""What exported models state of themselves: the shipped ones as the exporter writes it, and as the engine knows the graph."""

import json
import os

import pytest
from model.config import SMALL, Config, from_json
from model.contract import contract

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("name", ["heirloom-s", "heirloom-m", "heirloom-m-texture"])
def test_shipped_models_state_what_the_exporter_writes(name):
    description = read("resources", "models", name, "model.json")
    assert description["contract"] == contract(from_json(description["config"]))


def test_a_model_without_strengths_states_what_the_engine_takes_its_graph_for():
    assert contract(Config(strength=None)) == read("native", "engine.json")["contracts"]["heirloom-small"]


def test_only_a_model_with_a_strength_embedding_takes_strengths_in_between():
    assert contract(SMALL)["settings"]["strength"]["kind"] == "number"
    assert contract(Config(strength=None))["settings"]["strength"]["of"] == [0, 1]
