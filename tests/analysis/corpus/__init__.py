"""The judge of all rules about defects: clean mixes, planted defects, recall and false alarms."""
