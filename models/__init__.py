"""What is learned: preprocessing, network, training, judging, packaging; never Flower or Prefect."""
