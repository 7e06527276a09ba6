"""What exported models state of themselves: the shipped ones as the exporter writes it, and as the engine knows the graph."""

import json
import os

import pytest
from model.config import MEDIUM, SMALL, Config, from_json, to_json
from model.contract import contract
from model.description import hashes_of, write_description
from model.flops import per_pixel

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


@pytest.mark.parametrize("name", ["heirloom-s", "heirloom-m", "heirloom-m-texture"])
def test_a_shipped_model_has_the_weights_it_states_and_is_described_as_the_exporter_does(name, tmp_path):
    folder = os.path.join(ROOT, "resources", "models", name)
    description = read("resources", "models", name, "model.json")
    assert hashes_of(folder, description) == description["hashes"]
    for weights in description["hashes"]:
        os.symlink(os.path.join(os.path.abspath(folder), weights), tmp_path / weights)
    write_description(tmp_path, {**description, "hashes": {}})
    with open(tmp_path / "model.json", encoding="utf-8") as written:
        assert json.load(written) == description


def test_sizes_come_back_from_json_as_they_were():
    for config in (SMALL, MEDIUM, Config(strength=None)):
        assert from_json(json.loads(json.dumps(to_json(config)))) == config


def test_arithmetic_per_pixel_is_within_the_budget_of_its_size():
    assert sum(per_pixel(SMALL).values()) <= 16_000
    assert 100_000 < sum(per_pixel(MEDIUM).values()) <= 160_000
