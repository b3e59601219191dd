"""The benchmark: the stages of dvc.yaml. Only here, where the split is ours, do rows of several members meet."""
