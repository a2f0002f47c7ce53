"""Learns the ranker of recall and writes its weights.

usage:
  python3 -m venv VENV && VENV/bin/pip install lightgbm==4.7.0 numpy
  node server/build.mjs
  node out/test/bench/histories/dumpRows.js --out ROWS --clones CLONES
  VENV/bin/python index/recall/train/learn.py ROWS index/recall/weights.json [--left-out NAME] [--trees N] [--leaves N]

CLONES holds the repositories that test/bench/histories/sources.ts names, each at the commit named there;
without --clones the rows come from published versions of packages instead.
With --left-out the named source is not learnt from, and the figures are for it alone.
Only numbers are learnt: which kinds of evidence are to be believed. No text of the sources enters the weights.
"""

import argparse
import datetime
import json
import math
import pathlib

import lightgbm
import numpy

MAX_ROWS_PER_SOURCE = 400_000


def main():
    arguments = read_arguments()
    index = json.loads((arguments.rows / "sources.json").read_text())
    features = index["features"]
    sources = {source["name"]: source for source in index["sources"]}
    learnt_from = [name for name in sources if name not in arguments.left_out]
    random = numpy.random.default_rng(1)
    parts = [sample(load(arguments.rows, name, len(features)), random) for name in learnt_from]
    rows = numpy.concatenate([part[0] for part in parts])
    truths = numpy.concatenate([part[1] for part in parts])
    # Every language counts the same, however much of it there is.
    languages = [sources[name]["language"] for name in learnt_from]
    weights = numpy.concatenate(
        [
            numpy.full(len(part[1]), 1e5 / (len(part[1]) * languages.count(language)))
            for part, language in zip(parts, languages)
        ]
    )
    parameters = dict(
        objective="binary",
        num_leaves=arguments.leaves,
        learning_rate=arguments.rate,
        min_data_in_leaf=arguments.least,
        max_bin=255,
        use_missing=False,
        deterministic=True,
        force_row_wise=True,
        num_threads=1,
        seed=1,
        verbose=-1,
    )
    data = lightgbm.Dataset(rows, truths, weight=weights, feature_name=features)
    model = lightgbm.train(parameters, data, arguments.trees)
    figures = {name: measure(model, load(arguments.rows, name, len(features))) for name in arguments.left_out}
    for name, figure in figures.items():
        print(name, figure)
    gains = model.feature_importance("gain")
    order = numpy.argsort(-gains)
    print("gain:", ", ".join(f"{features[i]} {1000 * gains[i] / gains.sum():.0f}" for i in order[:30]))
    learnt = dict(
        sources=learnt_from,
        rows=len(truths),
        date=datetime.date.today().isoformat(),
        trees=arguments.trees,
        leaves=arguments.leaves,
        rate=arguments.rate,
    )
    arguments.weights.write_text(json.dumps(export(model, features, learnt), separators=(",", ":")) + "\n")


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=pathlib.Path)
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--left-out", action="append", default=[])
    parser.add_argument("--trees", type=int, default=80)
    parser.add_argument("--leaves", type=int, default=15)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--least", type=int, default=100)
    return parser.parse_args()


def load(folder, name, width):
    stem = name.replace("/", "+")
    rows = numpy.fromfile(folder / f"{stem}.rows", numpy.float32).reshape(-1, width)
    truths = numpy.fromfile(folder / f"{stem}.truths", numpy.uint8)
    groups = numpy.fromfile(folder / f"{stem}.groups", numpy.int32)
    return rows, truths, groups


def sample(part, random):
    rows, truths, _ = part
    if len(truths) <= MAX_ROWS_PER_SOURCE:
        return rows, truths
    chosen = random.permutation(len(truths))[:MAX_ROWS_PER_SOURCE]
    return rows[chosen], truths[chosen]


def measure(model, part):
    """Top 1 of the next token, also where the truth is not among the candidates, and the mean logarithmic loss."""
    rows, truths, groups = part
    chances = model.predict(rows, num_threads=1)
    order = numpy.lexsort((-chances, groups))
    first = numpy.r_[True, groups[order][1:] != groups[order][:-1]]
    loss = -numpy.mean(numpy.where(truths == 1, numpy.log(chances + 1e-9), numpy.log(1 - chances + 1e-9)))
    share = 100 * truths[order][first].mean()
    vote = rows[:, 0]
    order = numpy.lexsort((-vote, groups))
    first = numpy.r_[True, groups[order][1:] != groups[order][:-1]]
    return f"top 1 {share:.1f} %, by share of votes {100 * truths[order][first].mean():.1f} %, loss {loss:.4f}"


def export(model, features, learnt):
    arrays = dict(f=[], th=[], l=[], r=[], v=[])
    roots = []

    def add(node):
        place = len(arrays["f"])
        for array in arrays.values():
            array.append(0)
        if "leaf_value" in node:
            arrays["f"][place] = -1
            arrays["v"][place] = float(f"{node['leaf_value']:.5g}")
            return place
        arrays["f"][place] = node["split_feature"]
        arrays["th"][place] = rounded_threshold(node["threshold"])
        arrays["l"][place] = add(node["left_child"])
        arrays["r"][place] = add(node["right_child"])
        return place

    for tree in model.dump_model()["tree_info"]:
        roots.append(add(tree["tree_structure"]))
    return dict(version=1, features=features, **arrays, roots=roots, learnt=learnt)


def rounded_threshold(threshold):
    """Single precision is all that rows have; a whole number and a bit means the whole number."""
    if math.isclose(threshold, round(threshold), rel_tol=1e-9, abs_tol=1e-12):
        return round(threshold)
    return float(f"{numpy.float32(threshold):.7g}")


main()
