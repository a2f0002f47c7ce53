import { nearestName } from '../../config/nearestName.js';
import { ModelFailure } from '../backend.js';

/** Says that a server does not have a model, and which it has. */
export function missingModel(host: string, name: string, present: readonly string[]): ModelFailure {
  if (present.includes(name))
    return new ModelFailure('model-missing', `${host} lists the model "${name}" and cannot find it when it is asked.`, {
      remedy: "Look at the server's log, and at the path in the backend's url.",
    });
  const near = nearestName(name, present);
  const listed = present.slice(0, maxListed).join(', ');
  const more = present.length > maxListed ? `, and ${present.length - maxListed} more` : '';
  return new ModelFailure(
    'model-missing',
    `${host} does not have the model "${name}"${near === null ? '.' : `; did you mean "${near}"?`}`,
    { remedy: present.length === 0 ? 'It has no models yet.' : `It has ${listed}${more}.` },
  );
}

const maxListed = 12;

/** Which of a server's models the settings mean; Ollama's `name` is `name:latest`. */
export function findModelName(name: string, present: readonly string[]): string | null {
  return present.find(other => other === name) ?? present.find(other => other === `${name}:latest`) ?? null;
}
