// SPDX-License-Identifier: GPL-2.0-or-later

// A user's C++17 program: every public header, and a dataset with one configuration.

#include <eipnn/calculator.h>
#include <eipnn/dataset.h>
#include <eipnn/eip.h>
#include <eipnn/model.h>
#include <eipnn/neighbor.h>
#include <eipnn/parallel.h>
#include <eipnn/status.h>
#include <eipnn/train.h>

#include <cstdio>
#include <memory>

struct dataset_free {
  void operator()(eipnn_dataset *dataset) const
  {
    eipnn_dataset_free(&dataset);
  }
};

int main()
{
  eipnn_dataset *raw = nullptr;
  if (eipnn_dataset_create(&raw) != EIPNN_OK) return 1;
  std::unique_ptr<eipnn_dataset, dataset_free> dataset(raw);
  const int number[1] = {14};
  const double position[1][3] = {{0.1, 0.2, 0.3}};
  eipnn_configuration configuration{};
  configuration.natoms = 1;
  for (int k = 0; k < 3; k++) {
    configuration.cell[k][k] = 2.7;
    configuration.pbc[k] = 1;
  }
  configuration.number = number;
  configuration.position = position;
  configuration.tag = "sc";
  if (eipnn_dataset_append(dataset.get(), &configuration, -5.0, nullptr, nullptr) != EIPNN_OK) {
    std::fprintf(stderr, "%s\n", eipnn_last_error());
    return 1;
  }
  std::printf("%zu configuration\n", eipnn_dataset_count(dataset.get()));
  return eipnn_dataset_count(dataset.get()) == 1 ? 0 : 1;
}
