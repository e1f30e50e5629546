"""Train from (question, answers) alone: search for explanations, marginalise over them, then learn through follow."""
