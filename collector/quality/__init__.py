"""Quality of what comes in: rules, volunteers beside each other, and how often each answer is given."""
