"""Runners: browsers, worker processes, budgets, the plan, the command line. Interprets no pages."""
