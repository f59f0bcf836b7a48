# SPDX-License-Identifier: GPL-3.0-or-later
"""The complete tables in which cells are hidden: real ones, read through emend, and simulated ones. Every cell is a number; a category is
its code."""
import csv
import io
import json
import math
import random
from dataclasses import dataclass, field

CATEGORICAL = ("binary", "ordinal", "nominal")


@dataclass
class Variable:
    name: str
    kind: str  # continuous, integer, binary, ordinal, nominal: what a peer is told, and how it is scored
    label: str = ""
    labels: dict = field(default_factory=dict)  # code: text
    measure: str = "scale"
    decimals: int = 0
    spike: bool = False  # a number many of which are 0

    @property
    def categorical(self):
        return self.kind in CATEGORICAL


@dataclass
class Table:
    name: str
    form: str  # the file that emend gets: sav, with codes and labels, or csv, with a category's text
    variables: list
    columns: list
    about: str

    @property
    def rows(self):
        return len(self.columns[0])


# ---- real tables ----

REAL = {
    "efc": ("efc.sav", "EUROFAMCARE, carers of old people", {
        "c12hour": "integer", "e15relat": "nominal", "e16sex": "binary", "e17age": "integer", "e42dep": "ordinal", "c82cop1": "ordinal",
        "c160age": "integer", "c161sex": "binary", "c172code": "ordinal", "c175empl": "binary", "barthtot": "integer", "neg_c_7": "integer",
        "quol_5": "integer"}),
    "gss": ("gss2014_usermissing.sav", "General Social Survey 2014", {
        "marital": "nominal", "race": "nominal", "rincome": "ordinal", "partyid": "nominal", "age": "integer", "tvhours": "integer"}),
    "penguins": ("penguins.csv", "Palmer penguins", {
        "species": "nominal", "island": "nominal", "bill_length_mm": "continuous", "bill_depth_mm": "continuous",
        "flipper_length_mm": "integer", "body_mass_g": "integer", "sex": "binary", "year": "integer"}),
    "windspeed": ("windspeed.csv", "wind at six Irish stations", dict.fromkeys(
        ["RochePt", "Rosslare", "Shannon", "Dublin", "Clones", "MalinHead"], "continuous")),
}


def number_or_none(text):
    try:
        return float(text)
    except ValueError:
        return None


def labels_of(info, told):
    if told["value_labels"] is None:
        return {}
    return {x["value"]: x["label"] for x in info["value_labels"][told["value_labels"]]["labels"]}


def missing_range(declared):
    if "value" in declared:
        return declared["value"], declared["value"]
    return (-math.inf if declared["low"] is None else declared["low"]), (math.inf if declared["high"] is None else declared["high"])


def read_real(session, name, folders):
    """The complete rows of some variables; None if no folder has the file."""
    file, about, kinds = REAL[name]
    path = next((f / file for f in folders if (f / file).exists()), None)
    if not path:
        return None
    info = json.loads(session.output([session.emend, "info", path, "--json"]))
    rows = list(csv.DictReader(io.StringIO(session.output([session.emend, "convert", path, "-o", "-", "--to", "csv"]))))
    described = {v["name"]: v for v in info["variables"]}
    variables, columns = [], []
    for variable, kind in kinds.items():
        told, texts = described[variable], [row[variable] for row in rows]
        labels = labels_of(info, told)
        if path.suffix == ".csv" and kind in CATEGORICAL:
            labels = {float(i + 1): text for i, text in enumerate(sorted({t for t in texts if t and t != "NA"}))}
            column = [next((code for code, text in labels.items() if text == t), None) for t in texts]
        else:
            missing = [missing_range(m) for m in told["missing_values"]]
            column = [None if x is None or any(lo <= x <= hi for lo, hi in missing) else x for x in map(number_or_none, texts)]
            labels = {code: text for code, text in labels.items() if not any(lo <= code <= hi for lo, hi in missing)}
        decimals = max((len(t.partition(".")[2]) for t in texts if number_or_none(t) is not None), default=0)
        variables.append(Variable(variable, kind, told["label"] or "", labels, told["measure"] or "scale", decimals))
        columns.append(column)
    complete = [row for row in zip(*columns) if None not in row]
    complete = random.Random(1).sample(complete, min(len(complete), session.most_rows))
    columns = [list(column) for column in zip(*complete)]
    return Table(name, path.suffix[1:], variables, columns, about)


# ---- simulated tables ----

def correlated(generator, loadings, unique):
    """Rows of a factor model: `loadings` of each variable on the factors; variances are 1 if the squares leave `unique` squared."""
    factors = [generator.gauss(0, 1) for _ in loadings[0]]
    return [sum(a * f for a, f in zip(row, factors)) + u * generator.gauss(0, 1) for row, u in zip(loadings, unique)]


def standard_loadings(generator, n, n_factors, share):
    """Random loadings that explain `share` of each variance, more or less."""
    loadings, unique = [], []
    for _ in range(n):
        row = [generator.gauss(0, 1) for _ in range(n_factors)]
        explained = min(0.95, max(0.1, share + generator.uniform(-0.2, 0.2)))
        scale = math.sqrt(explained / sum(x * x for x in row))
        loadings.append([scale * x for x in row])
        unique.append(math.sqrt(1 - explained))
    return loadings, unique


def cut(z, thresholds):
    return float(1 + sum(z > t for t in thresholds))


def columns_of(rows):
    return [list(column) for column in zip(*rows)]


def normal(rows):
    """What the model of emend and Amelia says, and nothing else."""
    g = random.Random(11)
    loadings, unique = standard_loadings(g, 8, 3, 0.6)
    data = [[round(50 + 10 * z, 2) for z in correlated(g, loadings, unique)] for _ in range(rows)]
    variables = [Variable(f"x{i + 1}", "continuous", decimals=2) for i in range(8)]
    return Table("normal", "csv", variables, columns_of(data), "simulated: 8 normal variables, three factors")


def skewed(rows):
    """Positive, skewed numbers that are linear in logarithms, and two that are curved in one another."""
    g = random.Random(12)
    loadings, unique = standard_loadings(g, 5, 2, 0.6)
    data = []
    for _ in range(rows):
        z = correlated(g, loadings, unique)
        curved = z[4] * z[4] + 0.5 * g.gauss(0, 1)
        data.append([round(math.exp(7 + 0.8 * z[0]), 0), round(math.exp(1 + 0.6 * z[1]), 2), round(math.exp(0.4 * z[2]), 3),
                     round(40 + 12 * z[3], 1), round(10 * z[4], 2), round(curved, 2)])
    variables = [Variable(f"x{i + 1}", "continuous", decimals=d) for i, d in enumerate((0, 2, 3, 1, 2, 2))]
    return Table("skewed", "csv", variables, columns_of(data), "simulated: 3 lognormal variables, 2 normal, a curve")


AGREE = {1.0: "Strongly disagree", 2.0: "Disagree", 3.0: "Neither agree nor disagree", 4.0: "Agree", 5.0: "Strongly agree"}


def scales(rows):
    """Items of a questionnaire: ordinal cuts of normals (a Gaussian copula), yes and no, age."""
    g = random.Random(13)
    loadings, unique = standard_loadings(g, 8, 2, 0.55)
    cuts = [sorted(g.gauss(0.3 * (i % 3 - 1), 0.3) + t for t in (-1.3, -0.5, 0.4, 1.2)) for i in range(6)]
    data = []
    for _ in range(rows):
        z = correlated(g, loadings, unique)
        data.append([*(cut(z[i], cuts[i]) for i in range(6)), cut(z[6], [0.6]), max(18.0, round(45 + 15 * z[7]))])
    variables = [Variable(f"q{i + 1}", "ordinal", f"Question {i + 1}", AGREE, "ordinal") for i in range(6)]
    variables += [Variable("member", "binary", "Member", {1.0: "No", 2.0: "Yes"}, "nominal"), Variable("age", "integer", "Age in years")]
    return Table("scales", "sav", variables, columns_of(data), "simulated: 6 five-point items, a binary one, age; Gaussian copula")


REGION = {1.0: "North", 2.0: "East", 3.0: "South", 4.0: "West", 5.0: "Capital"}
TENURE = {1.0: "Owner", 2.0: "Private tenant", 3.0: "Public tenant"}
SCHOOL = {1.0: "Low", 2.0: "Medium", 3.0: "High", 4.0: "Very high"}
SATISFIED = {1.0: "Very dissatisfied", 2.0: "Dissatisfied", 3.0: "Neither", 4.0: "Satisfied", 5.0: "Very satisfied"}


def household(rows):
    """Four latent classes differ in everything: nominal answers, a skewed income with a spike at 0, a count, steps of scales."""
    g = random.Random(14)
    classes = []
    for _ in range(4):
        regions, tenures = [g.gammavariate(0.6, 1) for _ in REGION], [g.gammavariate(0.6, 1) for _ in TENURE]
        classes.append({"regions": regions, "tenures": tenures, "age": g.gauss(48, 12), "school": g.gauss(0, 0.8),
                        "size": g.uniform(0.3, 2.2), "works": g.uniform(-1, 2), "income": g.gauss(0, 0.4)})
    data = []
    for _ in range(rows):
        c = g.choice(classes)
        age, school = max(18, min(95, c["age"] + 11 * g.gauss(0, 1))), c["school"] + g.gauss(0, 0.9)
        works = c["works"] + 0.5 * school - 0.04 * (age - 45) + g.gauss(0, 1) > 0
        log_income = 7.3 + c["income"] + 0.35 * school + 0.008 * (age - 45) + 0.4 * g.gauss(0, 1)
        income = round(math.exp(log_income)) if works or g.random() < 0.4 else 0.0
        satisfied = 0.5 * (log_income - 7.3) + (0.4 if works else -0.4) + g.gauss(0, 1)
        size, chance = 1, g.random()
        while size < 9 and chance > sum(math.exp(-c["size"]) * c["size"]**k / math.factorial(k) for k in range(size)):
            size += 1
        data.append([float(g.choices(list(REGION), c["regions"])[0]), float(g.choices(list(TENURE), c["tenures"])[0]), float(round(age)),
                     cut(school, (-0.8, 0.2, 1.1)), float(size), 2.0 if works else 1.0, float(income),
                     cut(satisfied, (-1.4, -0.6, 0.1, 1.2))])
    variables = [Variable("region", "nominal", "Region", REGION, "nominal"),
                 Variable("tenure", "nominal", "Tenure of the dwelling", TENURE, "nominal"), Variable("age", "integer", "Age in years"),
                 Variable("school", "ordinal", "Education", SCHOOL, "ordinal"), Variable("persons", "integer", "Persons in the household"),
                 Variable("works", "binary", "Works", {1.0: "No", 2.0: "Yes"}, "nominal"),
                 Variable("income", "integer", "Monthly income", spike=True),
                 Variable("content", "ordinal", "Satisfaction", SATISFIED, "ordinal")]
    about = "simulated: mixed types from four latent classes, income with a spike at 0"
    return Table("household", "sav", variables, columns_of(data), about)


SIMULATED = {"normal": normal, "skewed": skewed, "scales": scales, "household": household}


def load(session, names, folders):
    """The tables that can be had, and the names of those that cannot."""
    tables, absent = [], []
    for name in names or [*REAL, *SIMULATED]:
        table = SIMULATED[name](session.most_rows) if name in SIMULATED else read_real(session, name, folders)
        tables.append(table) if table else absent.append(name)
    return tables, absent


# ---- holes ----

def standardised(column):
    mean = sum(column) / len(column)
    sd = math.sqrt(sum((x - mean)**2 for x in column) / len(column)) or 1
    return [(x - mean) / sd for x in column]


def mixed_score(generator, table, drivers):
    """A standardised sum, with random signs, of what the hiding depends on; a nominal variable counts by a random number per category."""
    total = [0.0] * table.rows
    for j in drivers:
        column = table.columns[j]
        if table.variables[j].kind == "nominal":
            worth = {code: generator.gauss(0, 1) for code in sorted(set(column))}
            column = [worth[x] for x in column]
        sign = generator.choice((-1, 1)) * generator.uniform(0.5, 1)
        total = [t + sign * z for t, z in zip(total, standardised(column))]
    return standardised(total)


def logistic_intercept(scores, slope, share):
    """At which the mean probability is `share`."""
    lo, hi = -50.0, 50.0
    for _ in range(60):
        middle = (lo + hi) / 2
        mean = sum(1 / (1 + math.exp(-middle - slope * s)) for s in scores) / len(scores)
        lo, hi = (middle, hi) if mean < share else (lo, middle)
    return (lo + hi) / 2


def hide(table, mechanism, percent, seed):
    """
    The columns with cells hidden (None). MCAR: every cell with the same probability. MAR: a third of the variables stay whole, and in each
    other one the log-odds of being hidden rise by 1.5 with each standard deviation of a sum of those. Every row keeps an answer.
    """
    g = random.Random(f"{table.name} {mechanism} {percent} {seed}")
    n, share = table.rows, percent / 100
    drivers = set() if mechanism == "MCAR" else set(g.sample(range(len(table.variables)), max(2, round(len(table.variables) / 3))))
    hidden = []
    for j, column in enumerate(table.columns):
        chances = [share] * n
        if j in drivers:
            chances = [0.0] * n
        elif drivers:
            scores = mixed_score(g, table, sorted(drivers))
            intercept = logistic_intercept(scores, 1.5, share)
            chances = [1 / (1 + math.exp(-intercept - 1.5 * s)) for s in scores]
        hidden.append([None if g.random() < p else x for x, p in zip(column, chances)])
    for i in range(n):
        if all(column[i] is None for column in hidden):
            j = g.randrange(len(hidden))
            hidden[j][i] = table.columns[j][i]
    return hidden
