# SPDX-License-Identifier: GPL-3.0-or-later
"""What the accuracy bench computes, against closed forms. Standard library only: python3 -B test_score.py"""
import math
import random
import struct
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import results
import sav
import score
import tables
from tables import Variable

NUMBER, STEP, NAME = Variable("x", "continuous"), Variable("q", "ordinal"), Variable("r", "nominal")


class Scores(unittest.TestCase):
    def test_wasserstein_of_shifted_and_scaled(self):
        g = random.Random(1)
        a = [g.gauss(0, 1) for _ in range(2000)]
        self.assertAlmostEqual(score.wasserstein(a, [x + 0.7 for x in reversed(a)]), 0.7)
        self.assertAlmostEqual(score.wasserstein(a, [3 * x for x in a]), 2 * score.mean(abs(x) for x in a))
        b = [g.gauss(0, 1) + 2 for _ in range(2000)]
        self.assertAlmostEqual(score.wasserstein(a, b), score.mean(b) - score.mean(a), places=2)

    def test_total_variation(self):
        self.assertAlmostEqual(score.total_variation([1, 1, 2, 3], [1, 2, 2, 4]), 0.5)
        self.assertEqual(score.total_variation([1, 2], [2, 1]), 0)

    def test_nrmse_of_means_is_1(self):
        g = random.Random(2)
        truth = [g.gauss(5, 3) for _ in range(500)]
        m = score.mean(truth)
        self.assertAlmostEqual(score.nrmse([truth], [[m] * 500], [[None] * 500], [NUMBER]), 1)
        self.assertAlmostEqual(score.nrmse([truth], [[x + score.sd(truth) for x in truth]], [[None, *truth[1:]]], [NUMBER]), 1)
        self.assertIsNone(score.nrmse([truth], [truth], [truth], [NUMBER]))
        self.assertIsNone(score.nrmse([[1.0, 2.0]], [[1.0, 2.0]], [[None, 2.0]], [STEP]))

    def test_misclassified_counts_hidden_cells_only(self):
        truth, completed, holes = [1, 1, 2, 2], [2, 1, 2, 1], [None, None, None, 2]
        self.assertAlmostEqual(score.misclassified([truth], [completed], [holes], [STEP]), 1 / 3)

    def test_marginals_in_standard_deviations(self):
        truth = [0.0, 2.0, 4.0, 6.0]
        shifted, holes = [x + 1 for x in truth], [None] * 4
        self.assertAlmostEqual(score.marginals([truth], [shifted], [holes], [NUMBER]), 1 / math.sqrt(5))
        both = score.marginals([truth, [1, 1, 2, 2]], [shifted, [1, 1, 1, 1]], [holes, holes], [NUMBER, NAME])
        self.assertAlmostEqual(both, (1 / math.sqrt(5) + 0.5) / 2)

    def test_moments(self):
        x = [1.0, 2.0, 3.0, 4.0]
        means, pairs = score.moments([NUMBER, NUMBER, NAME], [x, x, [1, 1, 2, 2]], [x, [2.0, 2.0, 4.0, 4.0], [2, 2, 1, 1]])
        self.assertAlmostEqual(means[0], 2.5 / math.sqrt(1.25))
        self.assertEqual(len(means), 3)
        self.assertAlmostEqual(pairs[0], 2 / math.sqrt(5))
        self.assertAlmostEqual(pairs[2], -1)

    def test_pool(self):
        draws = [[[1.0, 9.0], [2, 7]], [[2.0, 9.0], [3, 7]]]
        self.assertEqual(score.pool(draws, [[None, 9.0], [None, 7]], [NUMBER, STEP]), [[1.5, 9.0], [2, 7]])
        self.assertEqual(score.vote([1, 2, 3, 3, 1], Counter({3: 10, 1: 2})), 3)


class Holes(unittest.TestCase):
    def test_share_and_dependence(self):
        table = tables.normal(2000)
        for percent in (10, 50):
            holes = tables.hide(table, "MCAR", percent, 1)
            self.assertAlmostEqual(sum(x is None for c in holes for x in c) / 16000, percent / 100, delta=0.015)
        holes = tables.hide(table, "MAR", 30, 1)
        shares = [sum(x is None for x in c) / 2000 for c in holes]
        whole = [c for c, s in zip(table.columns, shares) if s == 0]
        self.assertEqual(len(whole), 3)
        self.assertTrue(all(s == 0 or abs(s - 0.3) < 0.05 for s in shares))
        for hidden, s in zip(holes, shares):  # whoever lacks an answer differs in what is seen
            if s > 0:
                gone = [[c[i] for c in whole] for i, x in enumerate(hidden) if x is None]
                distances = [abs(score.mean(v) - score.mean(c)) / score.sd(c) for v, c in zip(zip(*gone), whole)]
                self.assertGreater(max(distances), 0.25)

    def test_every_row_keeps_an_answer(self):
        holes = tables.hide(tables.skewed(300), "MCAR", 80, 1)
        self.assertTrue(all(any(x is not None for x in row) for row in zip(*holes)))

    def test_simulated_tables(self):
        for make in tables.SIMULATED.values():
            table, again = make(200), make(200)
            self.assertEqual(table.columns, again.columns)
            self.assertEqual(len(table.columns), len(table.variables))
            self.assertTrue(all(not v.labels or set(c) <= set(v.labels) for v, c in zip(table.variables, table.columns)))


class Files(unittest.TestCase):
    def test_sav_layout(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.sav"
            sav.write(path, [NUMBER, Variable("q", "ordinal", "Label", {1.0: "No"}, "ordinal")], [[1.5, None], [1.0, 2.0]])
            data = path.read_bytes()
        self.assertEqual(data[:4], b"$FL2")
        self.assertEqual(struct.unpack("<4d", data[-32:]), (1.5, 1.0, sav.MISSING, 2.0))
        self.assertEqual(struct.unpack("<5i", data[64:84]), (2, 2, 0, 0, 2))


class Verdicts(unittest.TestCase):
    def test_judge(self):
        rivals = ["emend", "mice", "kNN"]
        self.assertEqual(results.judge({"emend": 1.0, "mice": 1.0, "kNN": 2.0}, "emend", rivals), "best")
        self.assertEqual(results.judge({"emend": 1.01, "mice": 1.0, "kNN": 2.0}, "emend", rivals), "near")
        self.assertEqual(results.judge({"emend": 1.5, "mice": 1.0, "kNN": 2.0}, "emend", rivals), "between")
        self.assertEqual(results.judge({"emend": 2.5, "mice": 1.0, "kNN": 2.0}, "emend", rivals), "last")
        self.assertEqual(results.judge({"emend": 1.5, "mice": 1.0, "kNN": "failed"}, "emend", rivals), "last")
        self.assertIsNone(results.judge({"emend": 1.5, "mice": "failed", "kNN": "failed"}, "emend", rivals))


if __name__ == "__main__":
    unittest.main()
