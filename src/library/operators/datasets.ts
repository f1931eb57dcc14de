// What the operators over a SecDataset share: the list that the argument names.

import { OperatorArgumentError, type OperatorContext } from '../../model/operator.ts';

/** The lines of the dataset. Throws `OperatorArgumentError` when there is none of that name. */
export function namedDataset(argument: string, context: OperatorContext): readonly string[] {
  const lines = context.dataset(argument);
  if (lines === undefined) {
    throw new OperatorArgumentError(`there is no dataset "${argument}"`, {
      code: 'missing-dataset',
      help: 'define it with SecDataset, or name a file with the operator that ends in FromFile',
    });
  }
  return lines;
}
